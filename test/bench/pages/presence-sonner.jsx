import { People } from './people.jsx';
import { renderPage } from './react-page.jsx';

renderPage(<People />);
